/// What goes wrong at a scripted Cloud Storage, and when.
package struct GCSFault: Sendable {
    /// The requests of the protocol.
    package enum Moment: Sendable, Equatable {
        case token, metadata
        /// An upload with one request.
        case document
        case begin, piece, lastPiece, query, cancel
        case facts, media, list, delete, bucket
        /// A change of an object's facts.
        case patch
    }

    package enum Act: Sendable {
        /// In place of what should have been done.
        case instead(ScriptedReply)
        /// It is done, and this is said of it.
        case afterwards(ScriptedReply)
        /// Replied when only the head of the request has come.
        case early(ScriptedReply)
        /// Stores only so many bytes of a piece, and says so.
        case keepOnly(Int)
        /// Forgets the last so many bytes it had said it has.
        case forget(Int)
        /// Stores other bytes than it got, and does not look at the checksum that came along.
        case damage
        /// Does what it should, and changes the answer's headers and body.
        case changed(@Sendable (_ headers: inout [String: String], _ body: inout [UInt8]) -> Void)
        /// Somebody else stores an object under the name first.
        case overtaken
        /// The session is forgotten.
        case loseSession
        /// A document is stored whatever its precondition says.
        case regardless
    }

    package var moment: Moment
    package var act: Act
    /// Requests of that kind that go well before.
    package var skipping: Int
    /// How often it happens.
    package var times: Int

    package init(_ moment: Moment, skipping: Int = 0, _ act: Act, times: Int = 1) {
        self.moment = moment
        self.act = act
        self.skipping = skipping
        self.times = times
    }
}

extension GCSFault {
    /// For faults that do not pass.
    package static let always = Int.max

    /// An error as the JSON API words it.
    package static func refusal(_ status: Int, _ reason: String, _ message: String, headers: [String: String] = [:]) -> ScriptedReply {
        let detail = #"{"domain": "global", "reason": "\#(reason)", "message": "\#(message)"}"#
        let text = #"{"error": {"code": \#(status), "message": "\#(message)", "errors": [\#(detail)]}}"#
        return .answer(status, headers: headers.merging(["Content-Type": "application/json"]) { $1 }, text)
    }
}
