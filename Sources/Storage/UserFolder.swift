import Foundation

/// Folders of the user, outside of all workspaces.
public enum UserFolder {
    /// The folder for weights that all workspaces share, which need not exist: `$CURARE_WEIGHTS`, else
    /// `$XDG_DATA_HOME/curare`, else `~/.local/share/curare`. `make face-weights` writes to the last two.
    public static var weights: URL { weights(ProcessInfo.processInfo.environment) }

    static func weights(_ environment: [String: String]) -> URL {
        if let folder = environment["CURARE_WEIGHTS"], !folder.isEmpty { return URL(filePath: folder) }
        if let data = environment["XDG_DATA_HOME"], !data.isEmpty {
            return URL(filePath: data).appending(path: "curare")
        }
        return FileManager.default.homeDirectoryForCurrentUser.appending(path: ".local/share/curare")
    }
}
