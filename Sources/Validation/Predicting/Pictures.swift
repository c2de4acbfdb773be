import Imaging
import Learning

/// Square pictures in memory as a model reads them.
struct Pictures: ExampleSource {
    let pictures: [Picture]

    var count: Int { pictures.count }
    func key(at index: Int) -> String { String(index) }
    func label(at index: Int) -> Int { 0 }
    func pixels(at index: Int) -> [UInt8] { pictures[index].rgb }
}
