-- wrk -s upload.lua URL: every request is a form with a PDF of 1 MiB.
function init()
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "multipart/form-data; boundary=bench"
    local part = "--bench\r\nContent-Disposition: form-data; name="
    wrk.body = part .. '"title"\r\n\r\nBench\r\n' .. part .. '"report_type"\r\n\r\nlab\r\n'
        .. part .. '"file"; filename="a.pdf"\r\n\r\n%PDF-' .. string.rep("x", 1048571) .. "\r\n--bench--\r\n"
end
