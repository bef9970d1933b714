-- wrk -s post.lua URL -- KEY ITEMS: posts messages of about 1 KB of JSON, each to another recipient; with ITEMS > 0 in batches of
-- that size.
local headers, items
local sent = 0
local line = "It will be with you soon. It will be with you soon. It will be with you soon.!\\n"
local head = '{"from":"bench@bench.example","to":["customer-'
local tail = '@shop.example"],"subject":"Your order is on its way","text":"' .. line:rep(11)
    .. '"}'

function init(args)
    headers = { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. args[1] }
    items = tonumber(args[2])
end

function request()
    sent = sent + 1
    if items == 0 then
        return wrk.format("POST", nil, headers, head .. sent .. tail)
    end
    local batch = {}
    for i = 1, items do
        batch[i] = head .. sent .. "-" .. i .. tail
    end
    return wrk.format("POST", nil, headers, '{"messages":[' .. table.concat(batch, ",") .. "]}")
end

function done(summary, latency, requests)
    local lost = summary.errors.connect + summary.errors.read + summary.errors.write + summary.errors.timeout
    io.write(string.format("RESULT requests=%d micros=%d refused=%d lost=%d p50=%d p99=%d\n", summary.requests,
        summary.duration, summary.errors.status, lost, latency:percentile(50), latency:percentile(99)))
end
