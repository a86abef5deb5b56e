/// Carries what belongs to one loop through a task that ends up on that loop again.
package struct OnLoop<Value>: @unchecked Sendable {
    package let value: Value
    package init(_ value: Value) { self.value = value }
}
