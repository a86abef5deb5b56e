@main
struct SchedulingMain {
    static func main() async {}
}
