import BackupReports
import Testing

@Suite("Words that stand alone")
struct LanguageTests {
    @Test("begin with a capital letter, but for the URL of a store")
    func capitals() {
        let words = Bilingual("the disk is full", "диск заполнен")
        #expect(words.capitalized(.english) == "The disk is full" && words.capitalized(.russian) == "Диск заполнен")
        #expect(Bilingual("s3://b cannot be reached", "s3://b недоступно").capitalized(.russian) == "s3://b недоступно")
    }
}
