import ServiceLifecycle
import StatusPage

/// Sees to it that a renewed certificate is served without anybody having to say so.
struct CertificateService: Service {
    let certificate: ServedCertificate
    let clock: any Clock<Duration>

    private static let pace = Duration.seconds(60)

    func run() async throws {
        await cancelWhenGracefulShutdown {
            // Its sleep ends early by a cancellation alone.
            while (try? await clock.sleep(for: Self.pace)) != nil { await certificate.look() }
        }
    }
}
