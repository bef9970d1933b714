package ums.database;

import com.zaxxer.hikari.SQLExceptionOverride;
import java.sql.SQLException;

/**
 * Evicts a connection from the pool when its server refuses to write. After a failover the old primary may come back as a
 * standby, and a connection to it would stay in the pool for half an hour. Named in {@code application.yaml}.
 */
public final class ReadOnlyServer implements SQLExceptionOverride {

    private static final String READ_ONLY_TRANSACTION = "25006";

    @java.lang.Override
    public SQLExceptionOverride.Override adjudicate(SQLException fault) {
        return READ_ONLY_TRANSACTION.equals(fault.getSQLState())
                ? SQLExceptionOverride.Override.MUST_EVICT
                : SQLExceptionOverride.Override.CONTINUE_EVICT;
    }
}
