import JSON
import RecordsDomain

/// What is said of a file, as it is sealed: compact JSON, whose keys are stored and never renamed.
extension FileWords {
    var bytes: [UInt8] {
        var json = JSONWriter(reserving: 256)
        json.object { json in
            json.field("title", title)
            json.field("description", description)
            json.field("file_name", fileName)
            json.field("sha256", digest)
        }
        return json.bytes
    }

    /// Nil when these are not such bytes.
    init?(_ bytes: [UInt8]) {
        guard let json = try? JSONReader.read(bytes), let title = json["title"]?.string,
            let fileName = json["file_name"]?.string, let digest = json["sha256"]?.string
        else { return nil }
        self.init(title: title, description: json["description"]?.string, fileName: fileName, digest: digest)
    }
}
