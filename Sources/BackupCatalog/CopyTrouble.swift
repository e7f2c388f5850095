package import BackupModel

/// What is wrong with copies, and no program can mend without somebody's word.
package protocol CopyTrouble: CustomStringConvertible {
    /// What that somebody looks at and types.
    var remedy: String { get }
}

extension Collection where Element: CopyTrouble {
    /// `.partlyDone`: there are other copies. Nil where there is no trouble.
    package var failure: BackupError? {
        map { BackupError(.partlyDone, $0.description, hint: $0.remedy) }.asOne()
    }
}
