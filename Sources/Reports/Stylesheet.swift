/// The stylesheet of all pages. The colours follow the reader's setting, light or dark; printed pages are light.
enum Stylesheet {
    static let text: Markup = "\(light)\n\(dark)\n\(common)\n\(charts)\n\(photos)\n\(audit)\n\(print)"

    private static let light: Markup = """
        :root { color-scheme: light dark; --text: #1d2330; --paper: #fff; --muted: #5b6472; --line: #e5e7eb;
          --box: #e5e7eb; --link: #1f4e8c; --yes: #14532d; --no: #b91c1c; --warn: #8a3b0b; --heat: #1f4e8c;
          --pass-box: #d1f0dc; --pass-text: #14532d; --fail-box: #fbd9d7; --fail-text: #7f1d1d;
          --warn-box: #fdeccb; --warn-text: #713f12; --info-box: #dbe7f7; --info-text: #1e3a66 }
        """

    private static let dark: Markup = """
        @media screen and (prefers-color-scheme: dark) {
          :root { --text: #e4e7ee; --paper: #14171f; --muted: #a3abb8; --line: #323846; --box: #2a303c;
            --link: #9cc0f2; --yes: #86d6a4; --no: #ff9d94; --warn: #f0b878; --heat: #4f8ad6;
            --pass-box: #143d26; --pass-text: #b9ecc9; --fail-box: #551a1a; --fail-text: #ffd1cc;
            --warn-box: #4b3410; --warn-text: #fbe0ad; --info-box: #1d3352; --info-text: #cfe0f8 }
        }
        """

    private static let common: Markup = """
        body { font: 15px/1.5 system-ui, sans-serif; max-width: 960px; margin: 2em auto; padding: 0 1em;
          color: var(--text); background: var(--paper) }
        a { color: var(--link) }
        h1 small { color: var(--muted); font-weight: 400; font-size: 60% }
        h2 { margin-top: 2em; font-size: 1.15em }
        h3 { font-size: 1em; color: var(--muted) }
        table { border-collapse: collapse; margin: .8em 0 }
        td, th { padding: .25em .8em .25em 0; text-align: left; vertical-align: top;
          border-bottom: 1px solid var(--line) }
        .details td, .digests { overflow-wrap: anywhere }
        .note { color: var(--muted); font-size: 90% }
        .warning { color: var(--warn) }
        .yes { color: var(--yes) }
        .no { color: var(--no); font-weight: 600 }
        .wide { overflow-x: auto }
        .wide td { white-space: nowrap }
        .verdict { display: inline-block; padding: .3em .9em; border-radius: .4em; font-weight: 600;
          background: var(--box) }
        .verdict.pass { background: var(--pass-box); color: var(--pass-text) }
        .verdict.fail { background: var(--fail-box); color: var(--fail-text) }
        .verdict.warn { background: var(--warn-box); color: var(--warn-text) }
        """

    private static let charts: Markup = """
        svg { width: 100%; height: auto; font: 13px system-ui, sans-serif }
        svg.sized { width: auto; max-width: none; display: block }
        svg text { fill: var(--text) }
        svg .tick { fill: var(--muted); font-size: 11px }
        svg .title { font-weight: 600 }
        .pair { display: grid; grid-template-columns: 1fr 1fr; gap: 1em }
        .grid { stroke: var(--line) }
        .thick { stroke: var(--text); stroke-width: 3 }
        .thin { stroke: var(--text); stroke-width: 1 }
        polyline { fill: none; stroke-width: 2 }
        .poisoned { stroke: #b4443c }
        .control { stroke: #d99a94; stroke-dasharray: 5 3 }
        .true-label { stroke: #7a93b8; stroke-dasharray: 2 3 }
        rect.poisoned { fill: #b4443c; stroke: none }
        rect.control { fill: #e9c4c0; stroke: none }
        rect.true-label { fill: #7a93b8; stroke: none }
        .matrix { font-size: 11px }
        .matrix rect.right { fill: #1f7a46 }
        .matrix rect.wrong { fill: #b4443c }
        .matrix .light { fill: #fff }
        .matrix .target { font-weight: 700 }
        rect.none { fill: none; stroke: var(--muted); stroke-dasharray: 3 3; stroke-opacity: .6 }
        text.none { fill: var(--muted) }
        rect[class^=level] { fill: var(--heat) }
        rect.level-1 { fill-opacity: .08 }
        rect.level-2 { fill-opacity: .18 }
        rect.level-3 { fill-opacity: .3 }
        rect.level-4 { fill-opacity: .42 }
        rect.level-5, rect.level-6 { fill: #1f4e8c }
        rect.level-5 { fill-opacity: .88 }
        text.level-5, text.level-6 { fill: #fff }
        text.cell { font-size: 12px }
        .dot { fill: var(--heat); fill-opacity: .75 }
        .role-train-clean { fill: #6f8fbf; background: #6f8fbf }
        .role-train-poison { fill: #c0392f; background: #c0392f }
        .role-test-clean { fill: #4a9a6b; background: #4a9a6b }
        .role-test-attack { fill: #d98a2b; background: #d98a2b }
        .role-test-target-own { fill: #9467b3; background: #9467b3 }
        .role-test-transfer { fill: #3f9aa3; background: #3f9aa3 }
        .role-test-other { fill: #8d939c; background: #8d939c }
        .swatch { display: inline-block; width: .8em; height: .8em }
        .key { white-space: nowrap; margin-right: 1em }
        """

    private static let photos: Markup = """
        figure { margin: 0; width: 112px; font-size: 11px; color: var(--muted); overflow-wrap: anywhere }
        figure img, figure .no-image { width: 112px; height: 112px; object-fit: cover; border-radius: 4px }
        .no-image { background: var(--box); display: grid; place-items: center }
        .photos { display: flex; flex-wrap: wrap; gap: .6em }
        .full { max-width: none }
        .sheet { align-items: flex-start }
        .sheet a { display: grid; place-items: center; min-height: 48px }
        .sheet figure img { width: auto; height: auto; max-width: 100%; border-radius: 0 }
        .sheet code, textarea { user-select: all; font-size: 11px }
        .pixelated img { image-rendering: pixelated }
        .saliency { display: flex; flex-wrap: wrap; gap: .8em; margin: 1em 0 }
        .saliency figure { width: 224px; font-size: 12px }
        .saliency figure img { width: 224px; height: 224px }
        """

    private static let audit: Markup = """
        main { overflow-wrap: anywhere }
        nav a { margin-right: 1em }
        .finding { border-left: 4px solid var(--line); padding: .1em 0 .3em 1em; margin: 1.4em 0 }
        .finding h3 { color: var(--text); margin: .4em 0 }
        .finding h3 small { color: var(--muted); font-weight: 400 }
        .finding p { margin: .4em 0; overflow-wrap: anywhere }
        .finding.error { border-color: var(--no) }
        .finding.warning { color: inherit; border-color: var(--warn) }
        .finding.info { border-color: var(--link) }
        .severity { font-size: 12px; font-weight: 600; padding: .15em .6em; border-radius: .4em;
          background: var(--box) }
        .error .severity { background: var(--fail-box); color: var(--fail-text) }
        .warning .severity { background: var(--warn-box); color: var(--warn-text) }
        .info .severity { background: var(--info-box); color: var(--info-text) }
        summary { cursor: pointer; color: var(--link) }
        code { overflow-wrap: anywhere }
        .evidence { margin: .8em 0; align-items: flex-start }
        .evidence figure { position: relative }
        .evidence figure img, .evidence .no-image { object-fit: contain; background: var(--box) }
        .evidence label { cursor: zoom-in; display: block; line-height: 0 }
        .evidence label:hover img { outline: 2px solid var(--link) }
        .zoom { position: absolute; opacity: 0; width: 1px; height: 1px; margin: 0 }
        .zoom:focus-visible + label img { outline: 3px solid var(--link); outline-offset: 2px }
        .evidence figure:has(.zoom:checked) { width: min(400px, 100%) }
        .zoom:checked + label { cursor: zoom-out }
        .evidence .zoom:checked + label img { width: min(400px, calc(100vw - 4em)); height: auto }
        .duo { display: flex; flex-wrap: wrap; gap: 4px; padding: 6px; border: 1px solid var(--line); border-radius: 6px }
        .blank { border: 1px dashed var(--warn); border-radius: 4px; padding: .4em .8em }
        h4 { margin: 1.2em 0 .2em; font-size: 1em }
        h4 ~ p { margin: .3em 0 }
        """

    private static let print: Markup = """
        @media print {
          body { max-width: none; margin: 0; font-size: 11px }
          nav { display: none }
          .finding, figure, .duo, tr, svg { break-inside: avoid }
          h2, h3, h4 { break-after: avoid }
          .wide { overflow: visible }
          svg.sized { max-width: 100%; height: auto }
          * { print-color-adjust: exact }
        }
        """
}
