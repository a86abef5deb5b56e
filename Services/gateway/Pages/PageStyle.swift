/// How our own pages look: readable at any size, in the reader's colours, with a visible focus.
enum PageStyle {
    static let path = "/static/pages/page.css"

    static let text = """
        :root { color-scheme: light dark; }
        body { font: 1.0625rem/1.5 system-ui, sans-serif; margin: 0; }
        main { max-width: 28rem; margin: 3rem auto; padding: 0 1rem; }
        h1 { font-size: 1.5rem; line-height: 1.25; }
        label { display: block; margin-top: 1rem; font-weight: 600; }
        input { box-sizing: border-box; width: 100%; padding: .5rem; font: inherit; }
        input[aria-invalid=true] { border: 2px solid #b3261e; }
        button { margin-top: 1rem; padding: .5rem 1rem; font: inherit; }
        :focus-visible { outline: 3px solid #0b57d0; outline-offset: 2px; }
        p.hint, p.fault { margin: .25rem 0; font-size: .9375rem; }
        p.fault { color: #b3261e; }
        @media (prefers-color-scheme: dark) { p.fault { color: #f2b8b5; } }
        """
}
