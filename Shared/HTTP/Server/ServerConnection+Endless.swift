internal import Net

/// What an answer without an end of its own holds while nothing happens: its connection and its body's producer.
extension ServerConnection {
    /// Writes the head, and leaves the body to a task of its own: what the task so far has needed to read the request
    /// and have it answered is free then. Nil when that task goes on with the connection.
    func begin(_ response: Response, to request: Request) -> ConnectionMachine.TaskAction? {
        guard machine.beginEndless() else {
            stream.close()
            return machine.task(.responded(canStay: false, hasBacklog: false), at: now)
        }
        let framing = ResponseEncoder.framing(of: response, to: request.head)
        let isOld = request.head.version == .http10
        shard.appendHead(
            response.status, response.headers, framing: framing, keepAlive: false, isOld: isOld, to: &stream.output)
        guard request.method != .head, framing != .none, case .stream(let length, let produce) = response.body else {
            return machine.task(.responded(canStay: false, hasBacklog: false), at: now)
        }
        releaseRequest()
        stream.releaseMemory()
        let isCancelled = Task.isCancelled
        task = stream.loop.spawn("endless answer") { [self] in
            _ = await send(length: length, framing, produce)
            await proceed(machine.task(.responded(canStay: false, hasBacklog: false), at: now))
        }
        if isCancelled { task?.cancel() }
        return nil
    }
}
