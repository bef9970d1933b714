package ums.loan;

import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** The language of a customer's messages, with its format of amounts and dates. */
public enum LoanLanguage {
    KO(Locale.KOREAN, "%,d원", "uuuu년 M월 d일"),
    EN(Locale.ENGLISH, "KRW %,d", "d MMMM uuuu");

    private static final ZoneId KOREA = ZoneId.of("Asia/Seoul");

    private final Locale locale;
    private final String amount;
    private final String date;

    LoanLanguage(Locale locale, String amount, String date) {
        this.locale = locale;
        this.amount = amount;
        this.date = date;
    }

    /** The code in the API and in file names: {@code ko}, {@code en}. */
    public String code() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** An amount in won. */
    String amount(long won) {
        return String.format(locale, amount, won);
    }

    /** The date in Korea. */
    String date(Instant at) {
        return DateTimeFormatter.ofPattern(date, locale).withZone(KOREA).format(at);
    }
}
