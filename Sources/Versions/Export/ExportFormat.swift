/// A form in which a version leaves the study for other people's programs; the raw values are what a researcher types.
public enum ExportFormat: String, CaseIterable, Sendable {
    /// torchvision's ImageFolder.
    case imagefolder
    /// Hugging Face `datasets`.
    case huggingface
    /// MLCommons Croissant.
    case croissant
    /// Shards for WebDataset.
    case webdataset
    /// The CSV files that TrojAI's tools read.
    case trojai
    /// Images and one table.
    case csv

    var writer: any ExportWriter {
        switch self {
        case .imagefolder: ImageFolderExport()
        case .huggingface: HuggingFaceExport()
        case .croissant: CroissantExport()
        case .webdataset: WebDatasetExport()
        case .trojai: TrojAIExport()
        case .csv: CSVExport()
        }
    }
}
