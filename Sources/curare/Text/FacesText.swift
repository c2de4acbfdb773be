import Core
import Workflows

/// The text of face searches and face embeddings.
enum FacesText {
    static func reason(_ reason: MissingEmbeddings) -> String {
        switch reason {
        case .weightsNotInstalled:
            "the checks of faces against labels were left out: the weights of the face network are not installed; install "
                + "them with make face-weights"
        case .tooMany(let count):
            "\(counted(count, "photo has", "photos have")) no face embedding, so the checks of faces against labels leave "
                + "\(count == 1 ? "it" : "them") out; compute the "
                + "embeddings with: curare faces --embed"
        case .notStored(let count):
            "the face embeddings of \(counted(count, "photo")) were used and not stored, because the workspace cannot be changed now"
        case .originalsMissing(let count, let example):
            "\(count) photos have no face embedding, such as \(example.short): their original files are missing or "
                + "damaged; import their sessions again"
        }
    }

    static func text(_ result: EmbedFaces.Result) -> String {
        "computed \(counted(result.embedded, "face embedding")); \(result.withFace - result.failed) of \(result.photos) photos have "
            + "one, and \(result.photos - result.withFace) photos have no face"
    }
}
