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
        files.serve(in: &routes)
        routes.serve(AccessCodesAPI.generate, codes.generate)
        routes.serve(AccessCodesAPI.verify, codes.verify)
        routes.serve(AccessCodesAPI.mint, codes.mint)
        routes.serve(GrantsAPI.list, grants.list)
        routes.serve(GrantsAPI.revoke, grants.revoke)
        routes.serve(GrantsAPI.reviews, grants.reviews)
        routes.serve(GrantsAPI.review, grants.review)
        routes.serve(GrantsAPI.message, grants.message)
        routes.serve(GrantsAPI.breakGlass, breakGlass.open)
        routes.serve(GrantsAPI.log, accessRows.list)
        routes.serve(HealthAPI.show, health.show)
        routes.serve(HealthAPI.replace, health.replace)
        return routes.answered(by: unreadable.noted)
    }
}
