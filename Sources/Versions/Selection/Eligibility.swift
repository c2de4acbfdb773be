import Core

/// Step 1 of selection: the photos that a recipe can use, and the reasons why the recipe cannot use the other photos.
public struct Eligibility: Sendable {
    /// In the order of photo ids.
    public private(set) var photos: [EligiblePhoto] = []
    /// The number of excluded photos for each reason.
    public private(set) var excluded: [Reason: Int] = [:]
    public let grouping: Grouping

    /// Why a photo is excluded. The raw values are keys of a manifest.
    public enum Reason: String, CaseIterable, Sendable {
        case consent
        case unlabelled
        case filter = "not-asked-for"
        case session = "session-not-asked-for"
        case date = "date-not-asked-for"
        case face = "face-not-asked-for"
        case quality = "quality-not-asked-for"
        case faceless = "no-face-to-draw-on"
        case noBarePhoto = "class-without-bare-photo"
        case surplus = "above-max-per-class"
        case bridges
    }

    /// Finds every photo that could be in a version, if the version's classes are those that `admits` accepts.
    ///
    /// - Parameters:
    ///   - facts: in the order of photo ids.
    ///   - distance: the largest distance of near-duplicates.
    public init(_ facts: [PhotoFacts], groups distance: GroupDistance, admitting admits: (Volunteer) -> Bool) {
        grouping = Grouping(within: distance)
        for fact in facts { add(fact, admits, withFace: false) { _ in nil } }
        excludeClassesWithoutBarePhoto()
        findGroups(within: distance)
    }

    /// Applies the recipe's filters to every photo, in this order: consent, label, class, photo filter, missing face
    /// to draw on, `max_per_class`, class without a bare photo, cross-split links.
    ///
    /// - Parameters:
    ///   - distance: the largest distance of near-duplicates.
    ///   - base: the version that the recipe extends.
    /// - Throws: ``CurareError`` (65) when the recipe depends on faces or measurements that are missing, or when the
    ///   base version has other groups.
    public init(
        _ facts: FactSource, _ recipe: Recipe, groups distance: GroupDistance, extending base: BaseVersion? = nil
    ) throws {
        grouping = Grouping(within: distance)
        try base?.requireSameGrouping(grouping)
        var evaluator = PhotoFilterEvaluator(recipe)
        try facts.forEach { fact in
            add(fact, recipe.classes.admits, withFace: recipe.profile.crop == .face) {
                evaluator.reasonToExclude($0)
            }
        }
        try evaluator.requireCompleteFacts()
        try evaluator.requirePhotosOfDates(photos, excluded)
        excludeSurplus(recipe, base)
        excludeClassesWithoutBarePhoto()
        findGroups(within: distance)
        guard let base else { return }
        let links = CrossSplitLinks(photos, recipe, base).photos
        guard !links.isEmpty else { return }
        exclude(.bridges) { links.contains($0.photo) }
        excludeClassesWithoutBarePhoto()
        // The excluded photos may have linked the photos of one group.
        findGroups(within: distance)
    }

    /// Applies the recipe's filters to facts in memory.
    ///
    /// - Parameter facts: in the order of photo ids.
    public init(
        _ facts: [PhotoFacts], _ recipe: Recipe, groups distance: GroupDistance, extending base: BaseVersion? = nil
    ) throws {
        try self.init(FactSource(facts), recipe, groups: distance, extending: base)
    }

    private mutating func add(
        _ fact: PhotoFacts, _ admits: (Volunteer) -> Bool, withFace: Bool, filter: (PhotoFacts) -> Reason?
    ) {
        guard fact.consented else { return count(.consent) }
        guard let label = fact.label, let kind = fact.kind else { return count(.unlabelled) }
        let volunteer = Volunteer(name: label.volunteer, kind: kind)
        guard admits(volunteer) else { return count(.filter) }
        if let reason = filter(fact) { return count(reason) }
        photos.append(EligiblePhoto(fact, volunteer, label.triggerState, withFace: withFace))
    }

    private mutating func count(_ reason: Reason) {
        excluded[reason, default: 0] += 1
    }

    private mutating func exclude(_ reason: Reason, where isExcluded: (EligiblePhoto) -> Bool) {
        let before = photos.count
        photos.removeAll(where: isExcluded)
        if photos.count < before { excluded[reason, default: 0] += before - photos.count }
    }

    private mutating func excludeClassesWithoutBarePhoto() {
        let classes = Set(photos.lazy.filter(\.triggerState.isBare).map(\.volunteer))
        exclude(.noBarePhoto) { !classes.contains($0.volunteer) }
    }

    /// Excludes bare photos above `max_per_class`. Photos of the base version come first, then other photos by rank.
    private mutating func excludeSurplus(_ recipe: Recipe, _ base: BaseVersion?) {
        guard let maximum = recipe.classes.maxPerClass else { return }
        let ranking = Ranking(seed: recipe.seed)
        var surplus: Set<PhotoID> = []
        for (_, photos) in Dictionary(grouping: photos.lazy.filter(\.triggerState.isBare), by: \.volunteer.name)
        where photos.count > maximum {
            let new = photos.filter { base?.assignment(of: $0) == nil }
            let newMaximum = max(0, maximum - (photos.count - new.count))
            surplus.formUnion(ranking.sorted(new, for: "class", by: \.photo).dropFirst(newMaximum).lazy.map(\.photo))
        }
        exclude(.surplus) { surplus.contains($0.photo) }
    }

    private mutating func findGroups(within distance: GroupDistance) {
        let groups = NearDuplicateGroups(
            photos.map {
                NearDuplicateGroups.Member(
                    photo: $0.photo, volunteer: $0.volunteer.name, perceptualHash: $0.perceptualHash)
            }, within: distance)
        for index in photos.indices { photos[index].group = groups.ids[index] }
    }
}

/// A photo that can be in a version, with the facts that selection and entries need.
public struct EligiblePhoto: Hashable, Sendable {
    public let photo: PhotoID
    public let volunteer: Volunteer
    public let triggerState: TriggerState
    public let session: SessionName
    /// The smallest photo id in the photo's near-duplicate group.
    public internal(set) var group: PhotoID
    /// Nil when the photo was not measured.
    public let perceptualHash: PerceptualHash?
    /// Upright size of the photo in pixels.
    @Int32Backed public var width: Int
    @Int32Backed public var height: Int
    /// The face that the image is cropped to. Nil if no face is known, or if the crop is not `face`.
    public let face: PhotoFace?

    public init(
        photo: PhotoID, volunteer: Volunteer, triggerState: TriggerState, session: SessionName, group: PhotoID,
        perceptualHash: PerceptualHash?, width: Int = 0, height: Int = 0, face: PhotoFace? = nil
    ) {
        self.photo = photo
        self.volunteer = volunteer
        self.triggerState = triggerState
        self.session = session
        self.group = group
        self.perceptualHash = perceptualHash
        self.face = face
        _width = Int32Backed(wrappedValue: width)
        _height = Int32Backed(wrappedValue: height)
    }

    /// Creates a photo that is the only photo of its group.
    ///
    /// - Parameter withFace: whether the profile crops images to faces.
    fileprivate init(_ fact: PhotoFacts, _ volunteer: Volunteer, _ triggerState: TriggerState, withFace: Bool) {
        self.init(
            photo: fact.photo, volunteer: volunteer, triggerState: triggerState, session: fact.session,
            group: fact.photo, perceptualHash: fact.perceptualHash, width: fact.width, height: fact.height,
            face: withFace ? fact.face.face : nil)
    }
}

/// The facts about a catalog's photos, in the order of photo ids. A catalog can be read several times, so that the
/// facts about a million photos need not be in memory.
public struct FactSource {
    /// Calls `body` with the facts about every photo, in the order of photo ids.
    let forEach: (_ body: (PhotoFacts) throws -> Void) throws -> Void

    /// - Parameter forEach: calls its argument with the facts about every photo, in the order of photo ids. Every call
    ///   must give the same facts.
    public init(walk forEach: @escaping (_ body: (PhotoFacts) throws -> Void) throws -> Void) {
        self.forEach = forEach
    }

    /// - Parameter facts: in the order of photo ids.
    public init(_ facts: [PhotoFacts]) {
        forEach = { body in try facts.forEach(body) }
    }

    /// Returns a source with the same facts in memory.
    public func inMemory() throws -> FactSource {
        var facts: [PhotoFacts] = []
        try forEach { facts.append($0) }
        return FactSource(facts)
    }
}

/// Applies a recipe's photo filter, and counts the photos whose facts are incomplete.
private struct PhotoFilterEvaluator {
    private let filter: Recipe.PhotoFilter
    private let isFiltering: Bool
    private let drawsOnFaces: Bool
    /// The number of photos without the facts that the filter needs.
    private var unmeasuredCount = 0
    /// The number of bare photos on which a trigger must be drawn, but in which no face was searched.
    private var unsearchedCount = 0
    /// The first and the last date of the photos, and their number. The dates are nil before the first photo.
    private var firstDate: String?
    private var lastDate: String?
    private var count = 0

    init(_ recipe: Recipe) {
        filter = recipe.photos
        isFiltering = filter != Recipe.PhotoFilter()
        drawsOnFaces = recipe.poison?.drawsOnFaces == true
    }

    /// Returns why `photo` is excluded. Nil when the photo is admitted.
    mutating func reasonToExclude(_ photo: PhotoFacts) -> Eligibility.Reason? {
        guard isFiltering || drawsOnFaces else { return nil }
        count += 1
        firstDate = min(firstDate ?? photo.date, photo.date)
        lastDate = max(lastDate ?? photo.date, photo.date)
        if isFiltering, !hasFacts(photo) { unmeasuredCount += 1 }
        let isDrawnOn = drawsOnFaces && photo.label?.triggerState.isBare == true
        if isDrawnOn, photo.face.record == nil, photo.face.marked == nil { unsearchedCount += 1 }
        if let reason = filterReason(photo) { return reason }
        // A photo on which nothing can be drawn would never be poison, and a model could learn the difference.
        return isDrawnOn && photo.face.face == nil ? .faceless : nil
    }

    private func hasFacts(_ photo: PhotoFacts) -> Bool {
        let hasFace = !filter.usesFaces || photo.face.record != nil || photo.face.marked != nil
        return hasFace && (filter.without.isEmpty || photo.quality != nil)
    }

    /// Returns why the recipe's photo filter excludes `photo`. A photo in which no face was searched has no face.
    private func filterReason(_ photo: PhotoFacts) -> Eligibility.Reason? {
        if let sessions = filter.sessions, !sessions.contains(photo.session) { return .session }
        if let from = filter.from, photo.date < from { return .date }
        if let to = filter.to, photo.date > to { return .date }
        if !admits(photo.face) { return .face }
        let hasExcludedFlag = !filter.without.isEmpty && !Set(photo.flags).isDisjoint(with: filter.without)
        return hasExcludedFlag ? .quality : nil
    }

    private func admits(_ known: KnownFace) -> Bool {
        switch filter.face {
        case .any: true
        case .found: known.face != nil
        case .one: known.marked != nil || known.record?.found == .one
        }
    }

    /// Checks that the dates of the filter leave photos.
    ///
    /// - Throws: ``CurareError`` (65) when the filter leaves no photo and excludes some because of their dates.
    func requirePhotosOfDates(_ photos: [EligiblePhoto], _ excluded: [Eligibility.Reason: Int]) throws {
        guard photos.isEmpty, excluded[.date] ?? 0 > 0, let firstDate, let lastDate else { return }
        let keys = [filter.from.map { _ in "photos.from" }, filter.to.map { _ in "photos.to" }].compactMap(\.self)
        let isOneOfSeveral = filter.sessions != nil || filter.usesFaces || !filter.without.isEmpty || drawsOnFaces
        let all =
            isOneOfSeveral
            ? "the filter of the recipe leaves"
            : keys.joined(separator: " and ")
                + (keys.count == 1 ? " leaves" : " leave")
        throw CurareError(
            .badInput, "\(all) 0 of \(count) photos; the sessions are from \(firstDate) to \(lastDate)",
            at: keys.count == 1 ? keys[0] : "photos", next: "change \(keys.joined(separator: " or "))")
    }

    /// - Throws: ``CurareError`` (65) when facts that the recipe needs are missing.
    func requireCompleteFacts() throws {
        guard unsearchedCount == 0 else {
            throw CurareError(
                .badInput,
                "the trigger is drawn on faces, but no face was searched in \(unsearchedCount) of the recipe's bare "
                    + "photos",
                at: "poison.overlays",
                next: "run curare split where the original photos are, to search the missing faces; curare audit lists "
                    + "missing originals")
        }
        guard unmeasuredCount == 0 else {
            let missing =
                filter.usesFaces
                ? "faces, but no face was searched in \(unmeasuredCount) of its photos"
                : "quality, but \(unmeasuredCount) of its photos were not measured"
            throw CurareError(
                .badInput, "the recipe filters photos by \(missing)",
                at: "photos.\(filter.face == .any ? "without" : "face")",
                next: "run curare split where the original photos are, to make the missing measurements; curare audit "
                    + "lists missing originals")
        }
    }
}
