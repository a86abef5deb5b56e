window.ui = SwaggerUIBundle({
    url: "/api/schema",
    dom_id: "#docs",
    deepLinking: true,
    // Where people develop a token outlives the page; elsewhere it must not lie in the browser's storage.
    persistAuthorization: {{persist}},
    tryItOutEnabled: true,
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
    layout: "BaseLayout"
});
