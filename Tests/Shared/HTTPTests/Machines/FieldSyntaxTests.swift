import HTTP
import Testing

@Test(arguments: ["a", "X-Request-Id", "!#$%&'*+-.^`|~09"])
func `tokens are names`(name: String) { #expect(FieldSyntax.isName(name)) }

@Test(arguments: ["", "a b", "a:", "a\r\n", "a\u{0}", "é", "a_b", "(a)", "a/b", "\"a\"", "a\u{7F}"])
func `what is no token, or has an underscore, is no name`(name: String) { #expect(!FieldSyntax.isName(name)) }

@Test(arguments: ["", "a", "a b\tc", "é", "\"x\"; y=z"])
func `clean text is a value`(value: String) { #expect(FieldSyntax.isValue(value)) }

@Test(arguments: ["a\r\nX: y", "a\rb", "a\nb", "\u{0}", "a\u{7F}", "\u{1B}[0m", " a", "a ", "\t", "a\u{B}b"])
func `what could end a line or hide in it is no value`(value: String) { #expect(!FieldSyntax.isValue(value)) }
