/// What is to be done in a case that only a person can tell from the others: it is never typed together with the rest.
package struct RemedyAlternative: Sendable, Equatable {
    /// What has to be so, in a clause that goes on after "only if".
    package var condition: Bilingual
    /// For this machine, in their order; empty where something other than a command is to be done, which the condition says.
    package var commands: [String]

    package init(onlyIf condition: Bilingual, _ commands: [String]) {
        self.condition = condition
        self.commands = commands
    }

    /// Each a comment of a shell: whoever pastes everything types only what he has looked at and freed of its sign.
    package func lines(in language: Language) -> [String] {
        let words = Bilingual("only if", "только если")
        return ["# \(words[language]) \(condition[language]):"] + commands.map { "#   \($0)" }
    }
}
