/// A registry as Prometheus reads it: text format 0.0.4, families and series sorted, so that two scrapes compare.
package enum Exposition {
    package static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    package static func text(of metrics: Metrics) -> String {
        var text = ""
        for (name, family) in metrics.snapshot {
            text += "# HELP \(name) \(escaped(family.help, quotes: false))\n# TYPE \(name) \(family.kind)\n"
            let sorted = family.series.map { (labels($0.key), $0.value) }.sorted { $0.0 < $1.0 }
            for (labels, series) in sorted { write(series, name, labels, to: &text) }
        }
        return text
    }

    private static func write(_ series: Metrics.Series, _ name: String, _ labels: String, to text: inout String) {
        switch series {
        case .counter(let counter): text += "\(name)\(braced(labels)) \(counter.value)\n"
        case .gauge(let gauge): text += "\(name)\(braced(labels)) \(number(gauge.value))\n"
        case .read(let read): text += "\(name)\(braced(labels)) \(number(read()))\n"
        case .histogram(let histogram):
            let cumulative = histogram.cumulative
            for (bound, count) in zip(histogram.bounds + [.infinity], cumulative) {
                let all = labels + (labels.isEmpty ? "" : ",") + "le=\"\(number(bound))\""
                text += "\(name)_bucket\(braced(all)) \(count)\n"
            }
            text += "\(name)_sum\(braced(labels)) \(number(histogram.sum))\n"
            text += "\(name)_count\(braced(labels)) \(cumulative.last ?? 0)\n"
        }
    }

    private static func labels(_ labels: [Metrics.Label]) -> String {
        labels.map { "\($0.name)=\"\(escaped($0.value, quotes: true))\"" }.joined(separator: ",")
    }

    private static func braced(_ labels: String) -> String { labels.isEmpty ? "" : "{\(labels)}" }

    private static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value > 0 ? "+Inf" : "-Inf" }
        if let integer = Int64(exactly: value) { return String(integer) }
        return String(value)
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case "\"" where quotes: result += "\\\""
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
