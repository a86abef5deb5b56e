@main
struct RegistryMain {
    static func main() async {}
}
