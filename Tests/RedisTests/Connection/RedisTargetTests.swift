import BackupModel
import Testing

@testable import Redis

@Suite struct RedisTargetTests {
    @Test(arguments: [
        ("redis://127.0.0.1", "127.0.0.1:6379"), ("redis://calls.example:7000/3", "calls.example:7000"), ("REDIS://h", "h:6379"),
        ("redis://[::1]:6380", "[::1]:6380"), ("redis://[fe80::1%eth0]", "[fe80::1%eth0]:6379"), ("redis://:p%40ss@h", "h:6379"),
        ("redis://bob:secret@h", "h:6379"), ("rediss://h:6390?cacert=/ca.crt", "h:6390"),
        ("unix:///run/redis.sock?db=2", "/run/redis.sock"),
        ("redis+unix://bob:secret@/run/r%20s.sock", "/run/r s.sock"),
        ("redis+sentinel://a,b:26380/calls/1", "calls, by the Sentinels a:26379,b:26380"),
        ("redis+cluster://:pw@a:7000,b:7001", "the cluster at a:7000,b:7001"), ("redis://h/", "h:6379"),
    ])
    func understands(url: String, description: String) throws {
        #expect(try "\(RedisTarget(url: url))" == description)
    }

    @Test func takesEveryPartApart() throws {
        let target = try RedisTarget(url: "rediss://back%3Aup:p%2Fw%40%C3%A9@h/7?cacert=/a%20b&cert=/c&key=/k&sni=name&insecure=true")
        #expect(target.login == RedisEndpoint.Login(user: "back:up", password: Secret("p/w@é")))
        #expect(target.database == 7)
        var tls = TLSOptions()
        (tls.authorityFile, tls.certificateFile, tls.keyFile, tls.serverName, tls.isInsecure) = ("/a b", "/c", "/k", "name", true)
        #expect(target.tls == tls)
        let sentinel = try RedisTarget(url: "redis+sentinel://:data@s/m?sentinel_user=su&sentinel_password=sp")
        #expect(sentinel.kind == .sentinel(master: "m", login: RedisEndpoint.Login(user: "su", password: Secret("sp"))))
    }

    @Test(arguments: [
        "127.0.0.1:6379", "http://secret@h", "redis://", "redis://h:0", "redis://h:65536", "redis://h:secret", "redis://h/secret",
        "redis://h/-1",
        "redis://h/1/2", "redis://u@h", "redis://u:secret@x@h", "redis://u:sec/ret@h", "redis://u:sec#ret@h", "redis://u:sec?ret@h",
        "redis://u:%zz@h", "redis://u:%ff@h", "redis://a,b", "redis://h?secret=1", "redis://h?cacert=/ca", "rediss://h?key=/k",
        "rediss://h?insecure=secret", "unix://", "unix://run/secret.sock", "redis+sentinel://a", "redis+sentinel://a/",
        "redis+cluster://a/1",
        "redis://h h", "redis://[::1", "redis://u:12/secret@h",
    ])
    func refusesWithoutRepeating(url: String) {
        let error = #expect(throws: BackupError.self) { try RedisTarget(url: url) }
        #expect(error?.code == .invalidConfiguration)
        #expect(error.map { "\($0)\($0.hint ?? "")" }?.contains("secret") == false)
    }

    @Test func nothingPrintsThePassword() throws {
        let target = try RedisTarget(url: "redis://bob:secret@h/1")
        let endpoint = target.endpoint(at: target.places[0])
        var dumped = ""
        dump(target, to: &dumped)
        dump(endpoint, to: &dumped)
        #expect(!"\(target)\(endpoint)\(String(reflecting: endpoint))\(dumped)".contains("secret"))
        #expect("\(endpoint)" == "h:6379, user bob")
    }
}
