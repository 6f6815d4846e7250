"""Values and the HTTP messages that carry them: bodies, parameters, routes, and which promise an answer falls under."""
