import BackupTestKit
import Doctor
import SystemPackage
import Testing

@testable import BackupEngine

@Suite("What a machine is told to mount")
struct MountTableTests {
    private func mount(above path: String, wanted: String, mounted: String = "") async throws -> StoreCondition.Mount? {
        try await withTemporaryFolder { folder in
            let table = MountTable(wanted: "\(folder)/fstab", mounted: "\(folder)/mountinfo")
            try await Command("tee", [table.wanted]).output(input: wanted)
            try await Command("tee", [table.mounted]).output(input: mounted)
            return table.mount(above: path)
        }
    }

    private static let table = """
        # <file system> <mount point> <type> <options>
        UUID=1 / ext4 defaults 0 1
        UUID=2 none swap sw 0 0
        UUID=3 /srv ext4 defaults 0 2
        nas:/b /srv/backups nfs rw 0 0
        UUID=4 /mnt/a\\040disk ext4 defaults 0 2

        """
    private static let info = """
        24 1 8:1 / / rw - ext4 /dev/sda1 rw
        25 24 8:3 / /srv rw - ext4 /dev/sda3 rw

        """

    @Test("The nearest above the folder counts, and whether it is there")
    func nearest() async throws {
        for (path, expected) in [
            ("/srv/backups", StoreCondition.Mount(place: "/srv/backups", isMounted: false)),
            ("/srv/backups/daily", .init(place: "/srv/backups", isMounted: false)), ("/srv/other", .init(place: "/srv", isMounted: true)),
            ("/mnt/a disk/x", .init(place: "/mnt/a disk", isMounted: false)),
        ] { #expect(try await mount(above: path, wanted: Self.table, mounted: Self.info) == expected, "\(path)") }
    }

    @Test("The root's says nothing, nor does a name that only begins so", arguments: ["/var/backups", "/srvx", "/none"])
    func none(path: String) async throws {
        #expect(try await mount(above: path, wanted: Self.table, mounted: Self.info) == nil)
    }

    @Test("A slash at the end of a place is none, and what is mounted only on demand is not missed")
    func odd() async throws {
        let table = """
            UUID=1 / ext4 defaults 0 1
            UUID=2 /mnt/backup/ ext4 defaults 0 2
            UUID=3 /mnt/backup/stick vfat rw,noauto,user 0 0
            UUID=4 /media/stick vfat noauto 0 0

            """
        let info = "25 24 8:3 / /mnt/backup rw - ext4 /dev/sda3 rw\n"
        for (mounted, isMounted) in [("", false), (info, true)] {
            let expected = StoreCondition.Mount(place: "/mnt/backup", isMounted: isMounted)
            for path in ["/mnt/backup", "/mnt/backup/daily", "/mnt/backup/stick/daily"] {
                #expect(try await mount(above: path, wanted: table, mounted: mounted) == expected, "\(path)")
            }
        }
        #expect(try await mount(above: "/media/stick/daily", wanted: table) == nil)
    }

    @Test("Where no table can be read, nothing is said")
    func unreadable() {
        #expect(MountTable(wanted: "/no/such/table").mount(above: "/srv/backups") == nil)
    }

    @Test("A folder that is gone is told with it")
    func gone() async throws {
        try await withTemporaryFolder { folder in
            let place = folder.appending("away").string
            let table = MountTable(wanted: "\(folder)/fstab", mounted: "/proc/self/mountinfo")
            try await Command("tee", [table.wanted]).output(input: "nas:/b \(place) nfs rw 0 0\n")
            let found = FolderLook(root: "\(place)/backups", table: table).look()
            #expect(!found.exists && found.mount == .init(place: place, isMounted: false))
        }
    }

    @Test("A file system is known by the device that the kernel's list of locks gives it, in hexadecimal")
    func device() async throws {
        try await withTemporaryFolder { folder in
            let table = MountTable(mounted: "\(folder)/mountinfo")
            let subvolume = "26 24 0:300 /@data /data rw - btrfs /dev/sdb1 rw\n"
            try await Command("tee", [table.mounted]).output(input: Self.info + subvolume)
            #expect(table.device(ofMount: "24") == "08:01" && table.device(ofMount: "26") == "00:12c")
            #expect(table.device(ofMount: "1") == nil && table.device(of: "\(folder)/none") == nil)
        }
    }
}
