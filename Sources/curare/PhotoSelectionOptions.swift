import ArgumentParser
import Core
import Foundation
import Intake
import Workflows

/// The options that select photos. A photo must meet all conditions.
struct PhotoSelectionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Only photos of this session.", valueName: "s")) var session: String?
    @Option(help: ArgumentHelp("Only photos of this volunteer.", valueName: "v")) var volunteer: String?
    @Option(
        help: ArgumentHelp(
            "Only photos with this trigger. Write `none` to select photos without a trigger.", valueName: "t"))
    var trigger: String?
    @Option(help: ArgumentHelp("Only photos with this problem.", valueName: "p")) var problem: PhotoFlag?
    @Option(
        help: ArgumentHelp(
            "Only photos of this version: NAME@V, or NAME for the version of the last split.", valueName: "version"))
    var inVersion: String?
    @Option(help: ArgumentHelp("Only photos with this role in the version of --in-version.", valueName: "role"))
    var role: Role?
    @Option(
        help: ArgumentHelp(
            "Only photos whose label has this source: a sheet, a person's review, or a rule.", valueName: "source"))
    var labelSource: LabelSource?
    @Option(
        help: ArgumentHelp(
            """
            Only photos whose face has this state. A weak face has a score below 0. A suggested face comes from other \
            photos of the same person.
            """, valueName: "state"))
    var face: FaceState?
    @Option(
        help: ArgumentHelp(
            "Only photos of this finding of `curare audit`, in the version of --in-version or in the catalog.",
            valueName: "check"))
    var finding: String?

    func validate() throws {
        guard role == nil || inVersion != nil else {
            throw ValidationError("--role needs --in-version: a photo has a role in a version only.")
        }
    }

    /// Returns a request with the conditions of these options.
    func request(file: URL?, table: URL?) -> MakeContactSheets.Request {
        MakeContactSheets.Request(
            session: session, volunteer: volunteer, trigger: trigger, problem: problem, version: inVersion, role: role,
            labelSource: labelSource, face: face, finding: finding, file: file, table: table)
    }
}

extension PhotoFlag: ExpressibleByArgument {
    public init?(argument: String) { self.init(argument) }

    public var defaultValueDescription: String { word }
    public static var allValueStrings: [String] { allCases.map(\.word) }
}

extension Role: ExpressibleByArgument {}
extension LabelSource: ExpressibleByArgument {}
extension FaceState: ExpressibleByArgument {}
