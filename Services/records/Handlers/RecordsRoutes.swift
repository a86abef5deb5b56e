import API
package import Web

extension Composition {
    /// Every endpoint of records with what answers it.
    package var routes: Routes {
        var routes = Routes()
        routes.serve(RecommendationsAPI.recommend, recommendations.recommend)
        routes.serve(RecommendationsAPI.history, recommendations.history)
        routes.serve(RecommendationsAPI.stats, recommendations.stats)
        prescriptions.serve(in: &routes)
        return routes
    }
}
