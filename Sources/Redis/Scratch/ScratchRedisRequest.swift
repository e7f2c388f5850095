package import BackupModel
import RDBFormat
package import ScratchServers

/// What a scratch Redis is to be like.
package struct ScratchRedisRequest: Sendable {
    /// The file it shall load.
    package var file: RDBFile
    /// The server the file is of, where that is known.
    package var origin: RedisVersion?
    package var place: ScratchPlace
    /// Server programs to look at before the usual places.
    package var programs: [String]
    package var progress: ProgressSink

    package init(
        _ file: RDBFile, from origin: RedisVersion? = nil, in place: ScratchPlace = ScratchPlace(), programs: [String] = [],
        progress: @escaping ProgressSink = { _ in }
    ) {
        self.file = file
        self.origin = origin
        self.place = place
        self.programs = programs
        self.progress = progress
    }
}
