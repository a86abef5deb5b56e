import Kernel
import Testing

struct OriginTests {
    @Test func `work that no request started names itself and nobody`() {
        for origin in [Origin.job("settle accounts"), .command("create-admin")] {
            #expect(origin.caller == nil && origin.address == nil && origin.traceparent == nil)
        }
        #expect(Origin.job("settle accounts").requestID == "job/settle accounts")
        #expect(Origin.command("create-admin").requestID == "command/create-admin")
    }

    @Test func `work that a request left behind goes under its id and address`() {
        let origin = Origin.job("mail requests", requestID: "r-1", address: "203.0.113.9")
        #expect(origin.requestID == "r-1" && origin.address == "203.0.113.9" && origin.caller == nil)
    }

    @Test func `a reaction stands in its event's trace`() {
        let event = ID<EventRecord>(high: 1, low: 2)
        let origin = Origin.reaction(to: event, traceparent: "00-a-b-01")
        #expect(origin.requestID == "event/\(event)" && origin.traceparent == "00-a-b-01" && origin.caller == nil)
    }
}
