SwaggerUIBundle({
  url: '/openapi.yaml',
  dom_id: '#api',
  deepLinking: true,
  persistAuthorization: false,
  supportedSubmitMethods: ['get', 'head', 'post', 'put', 'patch', 'delete'],
  defaultModelsExpandDepth: 0,
});
