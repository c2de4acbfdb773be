import Core

/// The people that a recipe names.
extension Recipe {
    func names(_ volunteer: VolunteerName) -> Bool {
        let target: [VolunteerName] = if case .volunteer(let name) = poison?.target { [name] } else { [] }
        let attackable: [VolunteerName] = if case .names(let names) = poison?.attackable { names } else { [] }
        return (target + attackable + classes.volunteers.list + classes.references.list).contains(volunteer)
    }

    /// The recipe with other names, its lists in their order again.
    func renaming(_ name: (VolunteerName) -> VolunteerName, session: (SessionName) -> SessionName) -> Recipe {
        var recipe = self
        if case .volunteer(let target) = poison?.target { recipe.poison?.target = .volunteer(name(target)) }
        if case .names(let names) = poison?.attackable { recipe.poison?.attackable = .names(names.map(name).sorted()) }
        recipe.classes.volunteers = classes.volunteers.renaming(name)
        recipe.classes.references = classes.references.renaming(name)
        recipe.photos.sessions = photos.sessions.map { Set($0.map(session)).sorted() }
        return recipe
    }
}

extension Recipe.Choice {
    fileprivate var list: [VolunteerName] { if case .names(let names) = self { names } else { [] } }

    fileprivate func renaming(_ name: (VolunteerName) -> VolunteerName) -> Self {
        if case .names(let names) = self { .names(names.map(name).sorted()) } else { self }
    }
}
