import BackupEngine
import BackupModel
import BackupReports
import ServiceLifecycle

/// Has the doctor look when something goes wrong, and now and then besides; what it finds is among the facts.
struct ExaminationService: Service {
    let examiner: Examiner
    let live: LiveConfiguration
    let facts: any FactSource
    let context: RunContext

    private static let pace = Duration.seconds(2)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var need = ExaminationNeed()
            repeat {
                if need.arises(from: await facts.facts()) { await examiner.examine(live.current) }
            } while (try? await context.clock.sleep(for: Self.pace)) != nil
        }
    }
}
