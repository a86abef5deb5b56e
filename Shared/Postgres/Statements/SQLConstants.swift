extension SQL {
    /// The cases of an enumeration as a list of constants, `('OPEN', 'DONE')`: with a bound array the planner cannot
    /// use a partial index that holds these alone. The words come from the program's text, never from outside.
    package static func constants<Word: CaseIterable & RawRepresentable>(_ words: [Word]) -> SQL
    where Word.RawValue == String {
        let list = words.map { word in
            precondition(word.rawValue.utf8.allSatisfy { $0 != UInt8(ascii: "'") && $0 != UInt8(ascii: "\\") })
            return "'\(word.rawValue)'"
        }
        return SQL(checked: "(\(list.joined(separator: ", ")))")
    }
}
