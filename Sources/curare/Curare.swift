@main struct Curare { static func main() {} }
