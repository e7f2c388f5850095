import ArgumentParser

/// `catalog`: what is known of the stores.
struct CatalogCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "catalog",
        abstract: "What is known of the stores.",
        subcommands: [CatalogRebuildCommand.self]
    )
}
