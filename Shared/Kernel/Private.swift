/// A personal value (a name, an address, a number) on its way through code that might log it: it prints as `‹private›`.
package struct Private<Value: Sendable>: Sendable, CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    package let value: Value

    package init(_ value: Value) { self.value = value }

    package var description: String { "‹private›" }
    package var debugDescription: String { "‹private›" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
