package ums.web.guard;

import java.net.InetAddress;

/**
 * A CIDR block (RFC 4632 section 3.1, RFC 4291 section 2.3).
 *
 * @param network any address of the block
 * @param bits the prefix length
 */
record AddressRange(InetAddress network, int bits) {

    /**
     * Parses {@code 10.0.0.0/8}, {@code 2001:db8::/32} or a single address. Never queries DNS.
     *
     * @throws IllegalArgumentException if the text is none of those
     */
    static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        String address = slash < 0 ? text : text.substring(0, slash);
        if (address.indexOf(':') < 0 && address.chars().filter(it -> it == '.').count() != 3) {
            // Java parses 10 as 0.0.0.10, which is not what 10/8 means.
            throw new IllegalArgumentException("an IPv4 address has four parts");
        }
        InetAddress network = InetAddress.ofLiteral(address);
        int all = network.getAddress().length * Byte.SIZE;
        int bits = slash < 0 ? all : Integer.parseInt(text.substring(slash + 1));
        if (bits < 0 || bits > all) {
            throw new IllegalArgumentException("an address has " + all + " bits");
        }
        return new AddressRange(network, bits);
    }

    /** Whether the block contains an address. An IPv4 address is never in an IPv6 block, nor vice versa. */
    boolean contains(InetAddress address) {
        byte[] ours = network.getAddress();
        byte[] other = address.getAddress();
        if (ours.length != other.length) {
            return false;
        }
        for (int bit = 0; bit < bits; bit += Byte.SIZE) {
            int mask = 0xff << Math.max(0, Byte.SIZE - (bits - bit));
            int index = bit / Byte.SIZE;
            if (((ours[index] ^ other[index]) & mask & 0xff) != 0) {
                return false;
            }
        }
        return true;
    }
}
