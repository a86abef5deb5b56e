-- wrk -s post.lua URL: every request is a POST of 1 kB of JSON.
function init()
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/json"
    wrk.body = '{"note":"' .. string.rep("x", 1013) .. '"}'
end
