/* global SwaggerUIBundle */
// There is one server to choose from, and a link within a button is for nobody: the button itself sets the address.
const plain = () => ({
  wrapComponents: {
    ServersContainer: () => () => null,
    DeepLink:
      (_, { React }) =>
      ({ text }) =>
        React.createElement('span', null, text),
  },
})

SwaggerUIBundle({
  url: '/v1/openapi.json',
  dom_id: '#reference',
  deepLinking: true,
  defaultModelsExpandDepth: 0,
  syntaxHighlight: { activated: false },
  plugins: [plain],
})
