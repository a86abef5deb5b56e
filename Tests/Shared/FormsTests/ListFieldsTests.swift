import Forms
import JSON
import Kernel
import Testing

@Suite struct ListFieldsTests {
    private static let form = Form(
        Field<[String]>.objects("medicines", Form(.text("name", 1...5)).properties, atMost: 2) { source, faults in
            Form(.text("name", 1...5)).read(source, into: faults)
        })

    private func faults(_ body: JSONValue) -> [String] {
        do throws(Problem) {
            _ = try Self.form.read(Source(body: body))
            return []
        } catch { return error.errors.map(\.field) }
    }

    @Test func `each element is read by its form, in order`() throws {
        let read = try Self.form.read(Source(body: ["medicines": [["name": "a"], ["name": "b"]]]))
        #expect(read == ["a", "b"])
    }

    @Test func `a fault has the element's place in its path, and all are told at once`() {
        #expect(
            faults(["medicines": [["name": ""], ["name": "toolong"]]]) == ["medicines[0].name", "medicines[1].name"])
        #expect(faults(["medicines": ["text"]]) == ["medicines[0]"])
    }

    @Test func `what is no list, or too long a one, is a fault of the list`() {
        #expect(faults(["medicines": "text"]) == ["medicines"])
        #expect(faults(["medicines": [["name": "a"], ["name": "b"], ["name": "c"]]]) == ["medicines"])
    }
}
