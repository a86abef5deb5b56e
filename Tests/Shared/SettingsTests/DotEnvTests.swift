import Settings
import Testing

@Suite struct DotEnvTests {
    @Test func `a file is read as Docker Compose reads it`() throws {
        let text = #"""
            # a comment
            PLAIN=value
            export EXPORTED=yes
            SPACED = around   # a comment
            HASH=a#b
            EMPTY=
            ONLY_COMMENT= # nothing
            SINGLE='literal \n $HOME # not a comment'
            DOUBLE="two\nlines \"quoted\" \$5 \x" # behind
            LINES="first
            second"
            URL=postgres://u:p@h/d?x=y
            PLAIN=again
            """#
        #expect(
            try DotEnv.parse(text) == [
                "PLAIN": "again", "EXPORTED": "yes", "SPACED": "around", "HASH": "a#b", "EMPTY": "", "ONLY_COMMENT": "",
                "SINGLE": #"literal \n $HOME # not a comment"#, "DOUBLE": "two\nlines \"quoted\" $5 \\x",
                "LINES": "first\nsecond", "URL": "postgres://u:p@h/d?x=y",
            ])
    }

    @Test func `line ends of Windows and a byte order mark do not matter`() throws {
        #expect(try DotEnv.parse("\u{FEFF}A=1\r\nB=\"2\"\r\n\r\n") == ["A": "1", "B": "2"])
    }

    @Test(arguments: [
        ("A=1\nB", 2), ("A=1\n\n=x", 3), ("A=\"open\nfor ever", 1), ("A='x' y", 1), ("1A=x", 1), ("A B=x", 1),
    ])
    func `a faulty line is named by its number`(text: String, line: Int) {
        let fault = #expect(throws: DotEnv.Fault.self) { try DotEnv.parse(text) }
        #expect(fault?.line == line)
    }
}
