extension ScriptedGCS {
    /// The token endpoint of OAuth: takes assertions and refresh tokens, and does not look into them.
    func issueToken(_ request: ScriptedRequest, _ state: inout State) -> ScriptedReply {
        guard request.method == "POST", request.text.hasPrefix("grant_type=") else { return .answer(400, #"{"error": "invalid_request"}"#) }
        return token(&state, [:])
    }

    /// Without the header it is not asked by a program that means it.
    func metadataToken(_ request: ScriptedRequest, _ state: inout State) -> ScriptedReply {
        guard request.headers["metadata-flavor"] == "Google" else { return .answer(403) }
        return token(&state, ["Metadata-Flavor": "Google"])
    }

    private func token(_ state: inout State, _ headers: [String: String]) -> ScriptedReply {
        state.issued += 1
        let token = "token-\(state.issued)"
        state.tokens.insert(token)
        return .answer(200, headers: headers, #"{"access_token": "\#(token)", "expires_in": 3599, "token_type": "Bearer"}"#)
    }
}
