package ums;

import org.jspecify.annotations.Nullable;
import ums.message.DirectClaims;

/** Those of the dispatcher that a test made, where it made one. */
public final class SettableDirectClaims implements DirectClaims {

    private volatile @Nullable DirectClaims current;

    /** From now on; null for none. */
    public void set(@Nullable DirectClaims claims) {
        current = claims;
    }

    @Override
    public @Nullable Reservation reserve(int wanted) {
        DirectClaims claims = current;
        return claims == null ? null : claims.reserve(wanted);
    }
}
