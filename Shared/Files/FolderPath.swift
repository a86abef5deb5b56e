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

    /// Makes the folder and those above it that are not there, for their owner alone; a new one outlives a
    /// power cut.
    func make() throws(FileFault) {
        var made = path.hasPrefix("/") ? "" : "."
        for part in path.split(separator: "/") {
            let above = made
            made += "/\(part)"
            if unsafe mkdir(made, 0o700) == 0 {
                // The dot follows a link, which a folder above may be.
                try FolderPath("\(above)/.").synchronize()
            } else if errno != EEXIST {
                throw FileFault(code: errno)
            }
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

    /// When the file in it was last written, in seconds since 1970; nil when there is none.
    func lastWrite(of name: String) -> Int? {
        var status = stat()
        guard unsafe lstat("\(path)/\(name)", &status) == 0 else { return nil }
        return status.st_mtim.tv_sec
    }
}
