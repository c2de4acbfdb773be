import Foundation
import Testing

@testable import Core

/// Values that are stored once, on all threads.
@Suite struct CompactStorageTests {
    @Test func sameTextIsSameNameOnEveryThread() throws {
        let names = ThreadBudget.shared.map(2000) { VolunteerName("person-\($0 % 50)-of-the-study")! }
        #expect(Set(names).count == 50)
        for (number, name) in names.enumerated() {
            #expect(name.text == "person-\(number % 50)-of-the-study")
            #expect(name == VolunteerName(name.text)!)
            #expect(Array(name.utf8) == Array(name.text.utf8))
        }
        #expect(names.sorted() == names.sorted { $0.text < $1.text })
    }

    @Test func triggerStatesAreEqualInAnyOrder() throws {
        let dots = TriggerPlacement(TriggerName("dots")!, .onFace)
        let tape = TriggerPlacement(TriggerName("white-tape")!, .offFace)
        let both = TriggerState([tape, dots, tape])
        #expect(both == TriggerState([dots, tape]) && both.hashValue == TriggerState([dots, tape]).hashValue)
        #expect(both != TriggerState([dots]) && TriggerState([]) == .bare && TriggerState([TriggerPlacement]()).isBare)
        #expect(both.triggerText == "dots+white-tape" && both.locationText == "on-face+off-face")
        #expect(
            String(decoding: both.triggerUTF8, as: UTF8.self) == both.triggerText
                && String(decoding: both.locationUTF8, as: UTF8.self) == both.locationText)
    }

    @Test(arguments: [0, 1, -1, Int(Int32.max), Int(Int32.min)]) func int32BackedRestoresNumber(_ number: Int) {
        #expect(Int32Backed(wrappedValue: number).wrappedValue == number)
    }

    @Test func numberOutsideInt32IsClamped() {
        #expect(
            Box(x: .max, y: .min, width: 1 << 40, height: 7)
                == Box(x: Int(Int32.max), y: Int(Int32.min), width: Int(Int32.max), height: 7))
    }

    @Test func cacheDistinguishesManyKeys() {
        var cache = ByteKeyedCache<Int>()
        func number(_ text: String) -> Int? { Array(text.utf8).withUnsafeBytes { cache[$0] } }
        #expect(number("") == nil)
        for number in 0..<5000 { cache.put(number, at: "text \(number)") }
        cache.put(-1, at: "")
        cache.put(9, at: "text 7")
        #expect((0..<5000).allSatisfy { (index: Int) in number("text \(index)") == index }, "the first value stays")
        #expect(number("") == -1 && number("text 5000") == nil && number("text") == nil)
    }
}
