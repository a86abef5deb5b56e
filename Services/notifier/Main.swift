@main
struct NotifierMain {
    static func main() async {}
}
