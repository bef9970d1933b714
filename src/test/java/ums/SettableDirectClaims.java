package ums;

import org.jspecify.annotations.Nullable;
import ums.message.DirectClaims;

/** The direct claims of a dispatcher that a test made, or none. */
public final class SettableDirectClaims implements DirectClaims {

    private volatile @Nullable DirectClaims current;

    /** Sets them; null for none. */
    public void set(@Nullable DirectClaims claims) {
        current = claims;
    }

    @Override
    public @Nullable Reservation reserve(int wanted) {
        DirectClaims claims = current;
        return claims == null ? null : claims.reserve(wanted);
    }
}
