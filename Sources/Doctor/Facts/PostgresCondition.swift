/// The server that is saved, as far as it lets itself be seen.
package struct PostgresCondition: Sendable {
    package var server: Known<Server>
    package var databases: [Database]
    /// The client programs a dump would be taken with.
    package var programs: Known<Programs>
    /// Where on this machine other servers of PostgreSQL answer; looked for only where nobody listens at the one that is meant.
    package var neighbours: [Surroundings.Place] = []
    /// What the log of one that does not let us in ends with, in its language; nil where it is not on this machine, or not ours to read.
    package var lastWords: String?

    package init(server: Known<Server>, databases: [Database] = [], programs: Known<Programs>) {
        self.server = server
        self.databases = databases
        self.programs = programs
    }

    package struct Server: Sendable {
        /// As it prints it: `17.6`.
        package var version: String
        package var isStandby = false
        /// Bytes of each database that may be connected to, the largest first.
        package var sizes: [(database: String, bytes: Int64)] = []
        package var connections = 0
        package var maxConnections = 100
        /// Kept for superusers.
        package var reserved = 3
        package var longTransactions: [LongTransaction] = []
        /// Whether this role may see since when the transactions of others have been open.
        package var seesTransactions = true
        package var slots: [Slot] = []
        /// Nil where the last segment was archived, or none is to be.
        package var archiver: Archiver?
        package var checksumFailures: [(database: String, count: Int64)] = []
        /// The oldest transaction id of all databases, counted from now.
        package var oldestAge: (database: String, transactions: Int64)?
        /// Whether the passwords of roles are saved: only superusers may read them.
        package var savesPasswords = true
        /// The path of its pg_hba.conf; nil where this role may not know it.
        package var accessFile: String?
        /// How far its clock is ahead of ours; nil where it was not asked.
        package var clockLead: Duration?

        package init(version: String) { self.version = version }
    }

    /// A segment of the log that could not be archived.
    package struct Archiver: Sendable, Equatable {
        package var segment: String
        /// As the server prints it.
        package var lastTried: String
        package var failures: Int64

        package init(segment: String, lastTried: String, failures: Int64) {
            self.segment = segment
            self.lastTried = lastTried
            self.failures = failures
        }
    }

    package struct LongTransaction: Sendable, Equatable {
        package var process: Int
        package var user: String
        package var application: String
        package var age: Duration

        package init(process: Int, user: String, application: String, age: Duration) {
            self.process = process
            self.user = user
            self.application = application
            self.age = age
        }
    }

    package struct Slot: Sendable, Equatable {
        package var name: String
        package var isActive: Bool
        /// Bytes of write-ahead log kept for it.
        package var retained: Int64

        package init(name: String, isActive: Bool, retained: Int64) {
            self.name = name
            self.isActive = isActive
            self.retained = retained
        }
    }

    package struct Database: Sendable {
        package var name: String
        /// The same, quoted for a statement.
        package var identifier: String
        package var contents: Known<Contents>
        /// The database that has nearly its name, where it is not there itself.
        package var nearest: String?

        package init(name: String, identifier: String? = nil, contents: Known<Contents>) {
            self.name = name
            self.identifier = identifier ?? name
            self.contents = contents
        }
    }

    package struct Contents: Sendable, Equatable {
        /// Exclusive locks on tables, each with its holder.
        package var locks: [Lock] = []
        package var invalidIndexes: [String] = []
        /// Who holds the lock that keeps other hosts' runs away, and is no run; of the main database alone.
        package var lockStranger: LockSession?
        /// What a dump may not read, in one sentence; nil when it may read all.
        package var lackingRights: Trouble?
        /// Tables and sequences.
        package var relations = 0
        package var extensions: [String] = []

        package init() {}
    }

    package struct Lock: Sendable, Equatable {
        package var table: String
        package var holder: Holder
        package var user: String
        package var application: String
        /// How long the transaction that holds it has lasted; nil where this role may not see that.
        package var age: Duration?

        package init(table: String, holder: Holder, user: String, application: String, age: Duration?) {
            self.table = table
            self.holder = holder
            self.user = user
            self.application = application
            self.age = age
        }

        package enum Holder: Sendable, Equatable {
            /// The id of a session's process.
            case session(Int)
            /// A transaction that was prepared for a second phase, and belongs to no session: its name as a literal of SQL.
            case prepared(String)
        }
    }

    package struct Programs: Sendable, Equatable {
        package var folder: String
        package var major: Int
        /// Nil where it does not say.
        package var minor: Int?
        /// The psql beside it; nil where there is none, or it does not say.
        package var psql: Release?

        package struct Release: Sendable, Equatable {
            package var major: Int
            package var minor: Int

            package init(major: Int, minor: Int) {
                (self.major, self.minor) = (major, minor)
            }
        }

        package init(folder: String, major: Int, minor: Int? = nil) {
            self.folder = folder
            self.major = major
            self.minor = minor
        }
    }
}
