import Glibc

/// A folder by its path. Its calls block.
struct FolderPath {
    let path: String

    init(_ path: String) { self.path = path }

    /// The folder in which the file stands.
    init(of file: String) {
        guard let slash = file.lastIndex(of: "/") else {
            path = "."
            return
        }
        path = slash == file.startIndex ? "/" : String(file[..<slash])
    }

    /// Makes the folder and those above it that are not there, for their owner alone.
    func make() throws(FileFault) {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            made += "/\(part)"
            guard unsafe mkdir(made, 0o700) == 0 || errno == EEXIST else { throw FileFault(code: errno) }
        }
    }

    /// Returns when the disk has the names of the files in it.
    func synchronize() throws(FileFault) { try OpenFile(path, O_RDONLY | O_DIRECTORY).synchronize() }

    /// Names of the files in it, in no order; none when there is no folder.
    func names() -> [String] {
        guard let directory = unsafe opendir(path) else { return [] }
        defer { unsafe closedir(directory) }
        var names: [String] = []
        while let entry = unsafe readdir(directory) {
            names.append(
                unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                    unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
                })
        }
        return names
    }
}
