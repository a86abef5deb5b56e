package import Forms
package import Kernel

/// Which of the caller's patients are asked for: `search` in names and email, `gender`, a page.
package struct PatientsQuery: Input {
    package let search: String?
    package let gender: Gender?
    package let page: PageRequest

    package init(search: String? = nil, gender: Gender? = nil, page: PageRequest = PageRequest()) {
        self.search = search
        self.gender = gender
        self.page = page
    }

    package static let form = Form(
        .unlessBlank(.text("search", 0...200, in: .query)),
        .unlessBlank(.choice("gender", Gender.spellings, in: .query)), .page)

    package static let properties = form.properties

    package init(_ source: Source) throws(Problem) { (search, gender, page) = try Self.form.read(source) }
}
