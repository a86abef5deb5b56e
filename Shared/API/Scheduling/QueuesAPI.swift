package import Kernel

/// The walk-in queue of a doctor's day.
package enum QueuesAPI {
    package static let declarations: [Declaration] = [
        issue.declaration, next.declaration, change.declaration, board.declaration, token.declaration,
    ]

    private static let staff: Access = .roles([.hospital, .doctor])

    package static let issue = Endpoint(
        .post, "/api/queues/{doctor_id}/tokens", "issueQueueToken", of: .scheduling, for: staff,
        takes: NewQueueToken.self, gives: CreatedOnce<QueueTokenView>.self, says: "Token issued successfully.",
        summary: "Gives the next number of today to a visit, a patient or a walk-in; who has a live one keeps it.",
        tag: "Queues", refuses: [.conflict])

    package static let next = Endpoint(
        .post, "/api/queues/{doctor_id}/next", "callNextInQueue", of: .scheduling, for: staff, takes: QueuePath.self,
        gives: MaybeItem<QueueTokenView>.self, says: "Next token called.",
        summary: "Calls who waits longest; null where nobody waits. Who is in service stays so.", tag: "Queues")

    package static let change = Endpoint(
        .patch, "/api/queues/tokens/{id}", "changeQueueToken", of: .scheduling, for: staff,
        takes: WithID<QueueToken, QueueTokenChange>.self, gives: Item<QueueTokenView>.self,
        says: "Token updated successfully.", summary: "Brings a number to another status, back as well.",
        tag: "Queues", refuses: [.illegalTransition, .conflict])

    package static let board = Endpoint(
        .get, "/api/queues/{doctor_id}", "getQueue", of: .scheduling, for: staff, takes: QueueQuery.self,
        gives: Item<QueueBoardView>.self, says: "Queue retrieved successfully.",
        summary: "The board of a doctor's day: numbers and states, no names.", tag: "Queues")

    package static let token = Endpoint(
        .get, "/api/queues/tokens/{id}", "getQueueToken", of: .scheduling, for: .roles([.hospital, .doctor, .patient]),
        takes: ByID<QueueToken>.self, gives: Item<QueueTokenView>.self, says: "Token retrieved successfully.",
        summary: "One number, how many are before it and how long it will take.", tag: "Queues")
}
